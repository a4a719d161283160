/* How workers sleep and are woken (runtime/src/workers.cpp), what they take from each other (worker.cpp),
 * and the count of who is awake (census.cpp), for spin: somebody outside queues jobs while workers look
 * for work and go to sleep. The first job queues another one for its own worker and does not end before
 * that one has: so the other worker must come and take it, whether or not the owner was thought to be
 * prompt, and so woke nobody; if nobody else does, the monitor sees to it.
 *
 * Checked in every interleaving: all jobs run (work that is forgotten is an invalid end state), no
 * more workers are active than max_procs, and the count of the census is zero only when nobody is
 * awake and nothing is queued. */

#define WORKERS 2
#define PROCS 2
#define JOBS 2

#define ALL (JOBS + 1)

byte queued = 0;        /* workers::injected_ */
byte own[WORKERS];      /* worker::queue_ */
bool prompt[WORKERS];   /* worker::prompt_ */
bool stands[WORKERS];   /* for so long in the same turn that all who look can see it */
bool spawned = false;
bool ended = false;     /* what was spawned */
byte done = 0;
byte working = 0;        /* workers::active_ */
byte searching = 0;     /* workers::searching_ */
bool idle[WORKERS];
bool woken[WORKERS];
bool searches[WORKERS];
byte census_awake = 1;  /* who queues jobs */

#define ANY_WORK (queued > 0 || (own[0] > 0 && !prompt[0]) || (own[1] > 0 && !prompt[1]))

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
       :: chosen < WORKERS ->
#ifndef COUNT_LATE
          census_awake++;
#endif
          working++; searching++
       :: else
       fi
     };
     if
     :: chosen < WORKERS ->
#ifdef COUNT_LATE
        atomic { census_awake++ };
#endif
        woken[chosen] = true
     :: else
     fi
  :: else
  fi;
  chosen = WORKERS
}

/* search(): looks at the other, of which it cannot know whether it still stands when it judges. */
inline search() {
  if
  :: !searches[me] && 2 * searching < PROCS -> atomic { searches[me] = true; searching++ }
  :: else
  fi;
  if
  :: searches[me] ->
     prompt[me] = false;
     if
     :: !stands[1 - me] -> prompt[1 - me] = true
     :: true -> prompt[1 - me] = false
     fi;
     atomic {
       if
       :: own[1 - me] > 0 -> own[1 - me]--; got = true; theirs = true
       :: !stands[1 - me]                        /* not worth it */
       :: else
       fi
     }
  :: else
  fi
}

/* monitor::look_at_all() */
active proctype watch() {
  byte chosen = WORKERS;
end:
  do
#ifndef NOBODY_WATCHES
  :: stands[0] && own[0] > 0 -> prompt[0] = false; wake_one()
  :: stands[1] && own[1] > 0 -> prompt[1] = false; wake_one()
#else
  :: false
#endif
  od
}

proctype worker(byte me) {
  byte chosen = WORKERS;
  bool got;
  bool theirs;
  bool back;
  do
  :: true ->
     /* find_work() */
     atomic {
       got = false; theirs = false;
       if
       :: own[me] > 0 -> own[me]--; got = true; theirs = true
       :: own[me] == 0 && queued > 0 -> queued--; got = true
       :: else
       fi
     };
     if
     :: !got -> search()
     :: else
     fi;
     if
     :: got ->
        if
        :: searches[me] ->                       /* end_search() */
           searches[me] = false;
           searching--;
           if
           :: searching == 0 && ANY_WORK -> wake_one()
           :: else
           fi
        :: else
        fi;
        assert(working <= PROCS);
        if
        :: theirs -> ended = true
        :: !theirs && spawned
        :: !theirs && !spawned ->
           spawned = true;
           own[me]++;                            /* enqueue() */
           if
           :: !prompt[me] -> wake_one()
           :: else
           fi;
           stands[me] = true;
           ended;
           stands[me] = false
        fi;
        atomic { done++; got = false; theirs = false }
     :: else ->
        /* sleep() */
        atomic {
          idle[me] = true; working--;
          if :: searches[me] -> searches[me] = false; searching-- :: else fi
        };
        back = false;
#ifndef SLEEP_AT_ONCE
        if
        :: working < PROCS && ANY_WORK ->
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
             :: census_awake == 0 -> assert(queued == 0 && done == ALL && !woken[0] && !woken[1])
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
    :: census_awake == 0 -> assert(queued == 0 && done == ALL)
    :: else
    fi
  };
  /* Nobody else can act now: what is queued must run. */
  (done == ALL)
}
