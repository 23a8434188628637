"""Types of the arrays that analyses compute with."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
