"""The tasks that Ephemeral brings along: the namespace of no name, from which every route starts."""
