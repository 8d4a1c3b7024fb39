"""Virtual tablets: servers of the ADB protocol with state, for the demo and the tests.

They speak the real protocol to any client, run shell text with an interpreter of their own and
never start a program or touch a file of the host beyond their spool.
"""

from agents.virtual.device import VirtualTablet
from agents.virtual.factory import make_tablet
from agents.virtual.models import MODELS, Model
from agents.virtual.scenarios import SCENARIOS, Scenario
from agents.virtual.server import Farm, serve

__all__ = [
    "MODELS",
    "SCENARIOS",
    "Farm",
    "Model",
    "Scenario",
    "VirtualTablet",
    "make_tablet",
    "serve",
]
