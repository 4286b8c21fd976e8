"""`make bench FIGURE=…`: claims of speed and size that anybody can print, as ratios of one run."""
