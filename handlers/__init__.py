"""Those who hear: one folder for each platform, one for the clock; what comes in becomes verbs of the desk."""
