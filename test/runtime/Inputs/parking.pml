/* The parking protocol and the claim of tickets (runtime/src/fiber.cpp, scheduler.cpp, waiter.h), for
 * spin: a task waits twice, each time in the queues of two others at once (a channel and a timer, or
 * the two channels of a select), and either may end the wait at any moment: before the task has left
 * its stack, while it is leaving, or after.
 *
 * Checked in every interleaving: one waker wins each wait; the task is made ready once per wait, never
 * while its stack is in use; no wake-up is lost (spin reports a task that stays parked as an invalid
 * end state); and no permit is left over for the next wait. */

mtype = { awake, parked, permit };

#define ROUNDS 2
#define WAKERS 2

mtype state = awake;     /* parker::state_ */
bool claimed[ROUNDS];    /* ticket::claimed_, one ticket per wait */
byte round = 0;          /* the wait that is published in the queues */
bool published = false;
byte winners = 0;        /* of this wait */
byte ready = 0;          /* how often the task stands in a run queue */
bool on_stack = true;    /* some worker runs on the task's stack */

chan left = [1] of { bit };   /* the worker has switched away from the task */
chan resumed = [1] of { bit };

/* Whoever runs next on the worker's thread settles what was left: worker::settle(). */
active proctype worker() {
end:
  do
  :: left?_ ->
     on_stack = false;               /* the context is saved */
     if
     :: atomic { state == awake -> state = parked }
#ifndef FORGET_THE_PERMIT
     :: atomic { state == permit -> ready++ }
#else
     :: state == permit -> skip
#endif
     fi
  :: atomic { ready > 0 ->
     ready--;
     assert(ready == 0);
     assert(!on_stack) };
     on_stack = true;
     resumed!1
  od
}

active proctype task() {
  byte i;
  for (i : 0 .. ROUNDS - 1) {
    atomic { round = i; published = true }     /* enqueued, under the channels' locks */
    if
    :: state == permit -> skip                 /* fiber::take_permit() */
    :: else -> left!1; resumed?_
    fi;
    assert(state == permit);
    state = awake;
    assert(winners == 1);
    atomic { published = false; winners = 0 }  /* operation_set::leave() */
  }
  assert(ready == 0 && state == awake)
}

proctype waker() {
  byte i;
  bool won;
  mtype before;
  for (i : 0 .. ROUNDS - 1) {
    /* It finds the ticket in its queue, or comes too late for this wait. */
    if
    :: atomic { published && round == i ->
         won = !claimed[i]; claimed[i] = true;   /* ticket::claim() */
         if :: won -> winners++ :: else fi };
       if
       :: won ->
          atomic { before = state; state = permit }   /* fiber::give_permit() */
          assert(before != permit);
          if
          :: before == parked -> ready++
          :: else
          fi
       :: else
       fi
    :: round > i || claimed[i] -> skip
    fi
  }
}

init {
  byte i;
  atomic { for (i : 1 .. WAKERS) { run waker() } }
}
