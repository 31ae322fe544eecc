"""One module per subject; each has `routes`, which console.app puts together."""
