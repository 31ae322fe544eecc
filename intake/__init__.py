"""Reports from elsewhere: Open311, signed events of other platforms, lists of the hotline."""
