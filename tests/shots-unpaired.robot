# Nothing here yet: what a kiosk out of its box says.
shot OUT/14-unpaired.png
