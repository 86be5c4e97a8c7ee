"""The commands of `orgsim`, each loaded when it is called."""
