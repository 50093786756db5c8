"""Those who hear: one folder for each platform and one for the clock; they turn what comes in into verbs of the desk."""
