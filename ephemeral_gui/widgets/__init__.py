"""Theme, icons, fonts, style sheet and the small widgets that every panel is made of."""
