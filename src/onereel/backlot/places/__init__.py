"""The sets, one file each: a function from the stage (seed, light, weather) to layers."""
