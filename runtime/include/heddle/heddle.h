// The whole reference runtime in one include.
#ifndef HEDDLE_HEDDLE_H
#define HEDDLE_HEDDLE_H

#include "heddle/annotations.h"
#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/context_error.h"
#include "heddle/defer.h"
#include "heddle/errors.h"
#include "heddle/mutex.h"
#include "heddle/receiver.h"
#include "heddle/select.h"
#include "heddle/sender.h"
#include "heddle/sleep.h"
#include "heddle/task.h"
#include "heddle/time_point.h"
#include "heddle/unit.h"
#include "heddle/wait_group.h"

#endif
