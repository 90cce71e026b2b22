"""The house's rules as data: which room may import which, and how large things may get.

A room is a folder or module directly under `thalweg/_src`. It stands on a storey and may import
every room on a lower storey, and those of its own storey that are named. A new room is a new row.
"""

ROOMS: dict[str, tuple[int, tuple[str, ...]]] = {
    "base": (0, ()),
    "core": (1, ()),
    "ops": (2, ()),
    "autodiff": (3, ()),
    "variables": (3, ()),
    "random": (3, ("variables",)),
    "lookup": (3, ("variables",)),
    "function": (4, ()),
    "checkpoint": (4, ()),
    "data": (5, ()),
    "distribute": (5, ("data",)),
    "summary": (5, ()),
    "export": (6, ()),
    "keras": (7, ()),
    "serving": (7, ()),
    "tuner": (8, ()),
    "compress": (8, ()),
    "hub": (8, ()),
    "agents": (8, ()),
    "pipeline": (8, ()),
    "compat": (9, ()),
    "cli": (9, ("compat",)),
}

# Rooms that stand on the public door instead of on the rooms behind it: programs, not parts.
DOOR_USERS = ("cli", "compat")

# Imports anything, and nothing but tests imports it.
TEST_ROOM = "testing"

# The same for the rooms directly under `thalweg/_src/keras`.
KERAS_ROOMS: dict[str, tuple[int, tuple[str, ...]]] = {
    "base": (0, ()),
    "ops": (1, ("activations", "random")),
    "random": (1, ()),
    "activations": (1, ()),
    "constraints": (1, ()),
    "initializers": (1, ()),
    "regularizers": (1, ()),
    "bounding_boxes": (2, ()),
    "losses": (2, ()),
    "metrics": (2, ("losses",)),
    "optimizers": (2, ()),
    "layers": (3, ()),
    "backend": (4, ()),
    "cloning": (4, ("graph",)),
    "graph": (4, ()),
    "summary": (4, ("graph",)),
    "archive": (5, ()),
    "callbacks": (5, ("archive",)),
    "training": (5, ("callbacks",)),
    "cache": (6, ()),
    "models": (6, ()),
    "applications": (7, ("utils",)),
    "datasets": (7, ()),
    "export": (7, ()),
    "utils": (7, ()),
    "visualization": (7, ()),
    "wrappers": (7, ()),
}

# What starts a program: all modules behind the door must be reachable from a door or from here.
ENTRY_MODULES = ("thalweg._src.cli.main",)

MAX_FILE_LINES = 800
MAX_FUNCTION_LINES = 80

# Files that are one table of short rows, and so may be longer; each with its reason.
TABLE_FILES: dict[str, str] = {}
