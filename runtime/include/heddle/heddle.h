// The whole reference runtime in one include.
#ifndef HEDDLE_HEDDLE_H
#define HEDDLE_HEDDLE_H

#include "heddle/annotations.h"
#include "heddle/atomic_value.h"
#include "heddle/channel.h"
#include "heddle/concurrent_map.h"
#include "heddle/cond.h"
#include "heddle/context.h"
#include "heddle/context_error.h"
#include "heddle/defer.h"
#include "heddle/error_group.h"
#include "heddle/errors.h"
#include "heddle/mutex.h"
#include "heddle/once.h"
#include "heddle/pool.h"
#include "heddle/rate_limiter.h"
#include "heddle/receiver.h"
#include "heddle/rw_mutex.h"
#include "heddle/select.h"
#include "heddle/semaphore.h"
#include "heddle/sender.h"
#include "heddle/sleep.h"
#include "heddle/task.h"
#include "heddle/time_point.h"
#include "heddle/timer.h"
#include "heddle/unit.h"
#include "heddle/wait_group.h"

#endif
