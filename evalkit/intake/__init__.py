"""Files → trusted tables: reading, recognising, checking and pseudonymising registers."""

from evalkit.intake.errors import IntakeError
from evalkit.intake.registers import Intake, read_registers
from evalkit.intake.spells import ends_unknown
from evalkit.intake.statistics import read_series

__all__ = ["Intake", "IntakeError", "ends_unknown", "read_registers", "read_series"]
