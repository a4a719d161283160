#include "../../../../../../model/Inputs/absl.h"
