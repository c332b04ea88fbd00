"""The table of all acts.

Everyday acts are in moves.py, gestures.py and errands.py, fights and acrobatics in stunts.py
with blows.py, dances in dances.py, acts for two in duels.py, animals' in animal_acts.py.
Called from script.py and captions (the table), cast.py (poses, contacts).
"""

from onereel.backlot.animal_acts import ANIMAL_ACTS
from onereel.backlot.dances import DANCES
from onereel.backlot.duels import DUELS
from onereel.backlot.errands import ERRANDS
from onereel.backlot.gestures import GESTURES
from onereel.backlot.motion import Act
from onereel.backlot.moves import MOVES
from onereel.backlot.stunts import STUNTS

EVERYDAY = (*MOVES, *GESTURES, *ERRANDS)
EVERY = (*EVERYDAY, *STUNTS, *DANCES, *DUELS, *ANIMAL_ACTS)
ACTS: dict[str, Act] = {act.name: act for act in EVERY}
