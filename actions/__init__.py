"""Rasa's custom actions: each reads what was heard, calls one service, and says which utter_ name to show."""
