"""Sound programs: what people write when nothing is wrong. The checks should be silent on them."""

from diagnosis import sound_images, sound_points, sound_sequences, sound_tables, sound_unusual
from diagnosis.program import PROGRAMS, Program

__all__ = ["MODULES", "SOUND"]

MODULES = (sound_points, sound_tables, sound_images, sound_sequences, sound_unusual)
SOUND: tuple[Program, ...] = tuple(one for one in PROGRAMS.values() if one.fault is None and not one.is_real)
