"""Calibration: which joint draws of the evidence agree with published figures of role calibrate."""
