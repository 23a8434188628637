"""Every kind of event, declared once."""

KINDS = {
    "vote won", "vote lost", "grant cut further", "election", "control changed", "leader changed", "stage started",
    "stage finished", "waiting for HR", "HR arrived", "package finished", "package dropped", "redundancies",
    "exits beyond plan", "staff transferred", "fatigue over its line", "fatigue back under its line", "posts cut",
    "waiting for OD", "OD arrived", "rework found", "contract failed", "programme paused", "programme resumed",
    "package released", "programme ended", "dissolved", "stalled", "merged", "reorganised", "dispute begins",
    "dispute ends", "external support ends", "chief executive left", "chief executive appointed", "emergency begins",
    "emergency ends", "partner defaults", "partner asks to join", "partner turned away", "partner joined",
    "partner left", "deal rushed", "talks failed", "decision",
}  # fmt: skip
