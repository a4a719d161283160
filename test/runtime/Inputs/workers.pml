/* How workers sleep and are woken (runtime/src/workers.cpp), and the count of who is awake
 * (census.cpp), for spin: somebody outside queues jobs while workers look for work and go to sleep.
 *
 * Checked in every interleaving: all jobs run (work that is forgotten is an invalid end state), no
 * more workers are active than max_procs, and the count of the census is zero only when nobody is
 * awake and nothing is queued. */

#define WORKERS 2
#define PROCS 2
#define JOBS 3

byte queued = 0;        /* workers::injected_ */
byte done = 0;
byte working = 0;        /* workers::active_ */
byte searching = 0;     /* workers::searching_ */
bool idle[WORKERS];
bool woken[WORKERS];
bool searches[WORKERS];
byte census_awake = 1;  /* who queues jobs */

/* workers::wake_one(): looks without the lock, then again with it. */
inline wake_one() {
  if
  :: searching == 0 && working < PROCS ->
     atomic {
       if
       :: working < PROCS && idle[0] -> idle[0] = false; searches[0] = true; chosen = 0
       :: working < PROCS && !idle[0] && idle[1] -> idle[1] = false; searches[1] = true; chosen = 1
       :: else -> chosen = WORKERS
       fi;
       if
       :: chosen < WORKERS -> working++; searching++
       :: else
       fi
     };
     if
     :: chosen < WORKERS ->
        atomic { census_awake++ };
        woken[chosen] = true
     :: else
     fi
  :: else
  fi;
  chosen = WORKERS
}

proctype worker(byte me) {
  byte chosen = WORKERS;
  bool got;
  bool back;
  do
  :: true ->
     /* find_work() */
     atomic { got = queued > 0; if :: got -> queued-- :: else fi };
     if
     :: got ->
        if
        :: searches[me] ->                       /* end_search() */
           searches[me] = false;
           searching--;
           if
           :: searching == 0 && queued > 0 -> wake_one()
           :: else
           fi
        :: else
        fi;
        assert(working <= PROCS);
        done++
     :: else ->
        /* sleep() */
        atomic {
          idle[me] = true; working--;
          if :: searches[me] -> searches[me] = false; searching-- :: else fi
        };
        back = false;
#ifndef SLEEP_AT_ONCE
        if
        :: working < PROCS && queued > 0 ->
           atomic {
             if
             :: idle[me] && working < PROCS -> idle[me] = false; working++; back = true
             :: else
             fi
           }
        :: else
        fi;
#endif
        if
        :: !back ->
           atomic {
             census_awake--;
             if
             :: census_awake == 0 -> assert(queued == 0 && done == JOBS && !woken[0] && !woken[1])
             :: else
             fi
           };
end:       atomic { woken[me] -> woken[me] = false }
        :: else
        fi
     fi
  od
}

active proctype outside() {
  byte chosen = WORKERS;
  byte i;
  atomic { census_awake = 1 + WORKERS; working = WORKERS; run worker(0); run worker(1) };
  for (i : 1 .. JOBS) {
    atomic { queued++ };
    wake_one()
  };
  atomic {
    census_awake--;
    if
    :: census_awake == 0 -> assert(queued == 0 && done == JOBS)
    :: else
    fi
  };
  /* Nobody else can act now: what is queued must run. */
  (done == JOBS)
}
