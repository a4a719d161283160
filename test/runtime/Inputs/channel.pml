/* The channel's state machine and the algorithm behind send, receive and select (runtime/src/channel_core.cpp),
 * for spin: tasks send, receive, select with one or two cases and close, on two channels of CAPACITY and
 * of 0 elements. Each task's `claimed` is the ticket of its present operation; parking itself, which is
 * parking.pml, is here one flag.
 *
 * Checked in every interleaving: of the cases of a select exactly one takes place; a value that was sent
 * is received once, or stays in the buffer; a send fails, and a receive gives nothing, only when the
 * channel is closed (and drained); no operation stays in a queue when its task goes on; and when nothing
 * moves any more, nobody waits who could go on, and no lock is held. */

#ifndef CAPACITY
#define CAPACITY 0
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

#define TASKS 4
#define NOBODY TASKS
#define SEND 0
#define RECEIVE 1
#define NIL 2

bool locked[2];
bool closed[2];
chan buffer0 = [CAPACITY + 1] of { byte };
byte count[2];            /* of values in the buffer; only channel 0 has room for some */
chan queues[4] = [TASKS] of { byte };     /* of channel c and way w: 2 * c + w */

bool claimed[TASKS];
bool woken[TASKS];
byte winner[TASKS];       /* the queue through which it was claimed */
byte slot[TASKS];         /* the value to send */
byte got[TASKS];          /* the value received; 0 is none */
bool ok[TASKS];
bool waits[TASKS];
byte sent[TASKS * ROUNDS + 1];
byte received[TASKS * ROUNDS + 1];

inline lock_one(c) { atomic { !locked[c] -> locked[c] = true } }

/* operation_set::lock() and unlock(): one order for all, an equal channel once. */
inline lock_both() {
#ifdef OWN_ORDER
  if :: c0 != NIL -> lock_one(c0) :: else fi;
  if :: c1 != NIL && c1 != c0 -> lock_one(c1) :: else fi
#else
  if :: c0 == 0 || c1 == 0 -> lock_one(0) :: else fi;
  if :: c0 == 1 || c1 == 1 -> lock_one(1) :: else fi
#endif
}
inline unlock_both() {
  atomic {
    if :: c0 != NIL -> locked[c0] = false :: else fi;
    if :: c1 != NIL -> locked[c1] = false :: else fi
  }
}

/* wait_list::take(): the first whose ticket is unclaimed; nobody can tell the steps of it apart. */
inline take(q) {
  partner = NOBODY;
  do
  :: nempty(queues[q]) ->
     queues[q]?partner;
#ifdef CLAIM_WITHOUT_LOOK
     claimed[partner] = true; winner[partner] = q; break
#else
     if
     :: claimed[partner] -> partner = NOBODY
     :: else -> claimed[partner] = true; winner[partner] = q; break
     fi
#endif
  :: empty(queues[q]) -> break
  od
}

inline has_unclaimed(q) {
  unclaimed = false; t = 0;
  do
  :: t < TASKS -> unclaimed = unclaimed || (queues[q]??[eval(t)] && !claimed[t]); t++
  :: else -> break
  od
}

inline give(to, value) {
  assert(!ok[to] && got[to] == 0);
  got[to] = value; ok[to] = true;
  received[value]++; assert(received[value] == 1)
}
inline sent_by(from) {
  assert(!ok[from]);
  ok[from] = true;
  sent[slot[from]]++; assert(sent[slot[from]] == 1)
}

/* channel_core::ready() */
inline look(c, w) {
  atomic {
    ready = false;
    if
    :: c == NIL
    :: c != NIL && closed[c] -> ready = true
    :: c != NIL && !closed[c] && w == SEND ->
       has_unclaimed(2 * c + RECEIVE);
       ready = unclaimed || (c == 0 && count[c] < CAPACITY)
    :: c != NIL && !closed[c] && w == RECEIVE ->
       has_unclaimed(2 * c + SEND);
       ready = unclaimed || count[c] > 0
    fi
  }
}

/* channel_core::attempt(); `done` is false when a rival was first. */
inline attempt(c, w) {
  atomic {
    partner = NOBODY;
    if
    :: w == SEND ->
       if
       :: closed[c] -> done = true
       :: else ->
          take(2 * c + RECEIVE);
          if
          :: partner != NOBODY -> give(partner, slot[me]); sent_by(me); done = true
          :: partner == NOBODY && c == 0 && count[c] < CAPACITY ->
             buffer0!slot[me]; count[c]++; sent_by(me); done = true
          :: partner == NOBODY && !(c == 0 && count[c] < CAPACITY) ->
#ifdef RIVALS_DO_NOT_MATTER
             ok[me] = true; sent[slot[me]]++; done = true
#else
             skip
#endif
          fi
       fi
    :: w == RECEIVE ->
       if
       :: count[c] > 0 ->
          buffer0?value; count[c]--; give(me, value); done = true;
#ifndef ROOM_IS_NOT_OFFERED
          take(2 * c + SEND);
          if
          :: partner != NOBODY -> buffer0!slot[partner]; count[c]++; sent_by(partner)
          :: else
          fi
#endif
       :: else ->
          take(2 * c + SEND);
          if
          :: partner != NOBODY -> give(me, slot[partner]); sent_by(partner); done = true
          :: else -> done = closed[c]
          fi
       fi
    fi;
    value = 0
  }
}

/* operation_set::leave(), of one queue */
inline leave(c, w) {
  if
  :: c != NIL && winner[me] != 2 * c + w ->
     lock_one(c);
#ifndef STAY_IN_OTHER_QUEUES
     if :: queues[2 * c + w]??[eval(me)] -> queues[2 * c + w]??eval(me) :: else fi;
#endif
     locked[c] = false
  :: else
  fi
}

/* perform(): a select of up to two cases. */
proctype task(byte me; byte c0; byte w0; byte c1; byte w1) {
  byte round; byte partner; byte t; byte value; byte c; byte w;
  bool ready; bool first; bool unclaimed; bool done;
  for (round : 0 .. ROUNDS - 1) {
    atomic {
      claimed[me] = false; woken[me] = false; ok[me] = false; got[me] = 0;
      slot[me] = me * ROUNDS + round + 1; winner[me] = 4; done = false
    };
    lock_both();
    do
    :: true ->
       look(c0, w0); first = ready; look(c1, w1);
       if
       :: first -> c = c0; w = w0
       :: ready -> c = c1; w = w1
       :: !first && !ready -> break
       fi;
       attempt(c, w);
       if :: done -> break :: else fi
    od;
    if
    :: done ->
       unlock_both();
       if :: partner != NOBODY -> woken[partner] = true :: else fi
    :: else ->
#ifdef UNLOCK_BEFORE_QUEUEING
       unlock_both(); lock_both();
#endif
       atomic {
         waits[me] = true;
         if :: c0 != NIL -> queues[2 * c0 + w0]!me :: else fi;
         if :: c1 != NIL -> queues[2 * c1 + w1]!me :: else fi
       };
       unlock_both();
end:   woken[me];
       waits[me] = false;
       assert(winner[me] < 4);
       w = winner[me] % 2; c = winner[me] / 2;
       leave(c0, w0);
       leave(c1, w1)
    fi;
    atomic {
      assert(!(queues[0]??[eval(me)]) && !(queues[1]??[eval(me)]));
      assert(!(queues[2]??[eval(me)]) && !(queues[3]??[eval(me)]));
      assert(ok[me] || closed[c]);
      assert((got[me] != 0) == (ok[me] && w == RECEIVE));
      /* Drained: what was sent before the close is received before that is seen. */
      assert(ok[me] || w == SEND || count[c] == 0);
      partner = 0; t = 0; c = 0; w = 0; ready = false; first = false; unclaimed = false
    }
  }
}

/* channel_core::close() */
proctype closer(byte c) {
  byte partner; byte n; byte i;
  byte all[TASKS];
  lock_one(c);
  atomic {
    closed[c] = true;
    do
    :: take(2 * c + RECEIVE);
       if :: partner != NOBODY -> all[n] = partner; n++ :: else -> break fi
    od;
#ifndef SENDERS_ARE_NOT_TOLD
    do
    :: take(2 * c + SEND);
       if :: partner != NOBODY -> all[n] = partner; n++ :: else -> break fi
    od
#endif
  };
  locked[c] = false;
  do
  :: i < n -> woken[all[i]] = true; i++
  :: else -> break
  od
}

#define WAITS(q, t) (queues[q]??[t] && !claimed[t])
#define SOMEBODY(q) (WAITS(q, 0) || WAITS(q, 1) || WAITS(q, 2) || WAITS(q, 3))
#define TWO(q, r, a, b, c, d) (WAITS(q, a) && (WAITS(r, b) || WAITS(r, c) || WAITS(r, d)))
#define PAIR(q, r)                                                                                  \
  (TWO(q, r, 0, 1, 2, 3) || TWO(q, r, 1, 0, 2, 3) || TWO(q, r, 2, 0, 1, 3) || TWO(q, r, 3, 0, 1, 2))

init {
  byte i;
  atomic {
    run task(0, 0, SEND, NIL, SEND);
#ifdef TWO_SENDERS
    run task(1, 0, SEND, NIL, SEND);
#else
    run task(1, 0, RECEIVE, NIL, SEND);
#endif
    run task(2, 0, RECEIVE, 1, SEND);
#ifdef SELECTS
    run task(3, 1, RECEIVE, 0, SEND)          /* the two channels in the other order */
#else
    run task(3, 1, RECEIVE, NIL, SEND)        /* a rival through a channel that task 0 does not lock */
#endif
#ifdef CLOSE
    ; run closer(0)
#endif
  };
  timeout ->
  atomic {
    assert(!locked[0] && !locked[1]);
    assert(!PAIR(0, 1) && !PAIR(2, 3));
    assert(!closed[0] || (!SOMEBODY(0) && !SOMEBODY(1)));
    assert(count[0] == 0 || !SOMEBODY(1));
    assert(count[0] == CAPACITY || !SOMEBODY(0));
    for (i : 0 .. TASKS - 1) {
      assert(!waits[i] || !claimed[i])
    };
    for (i : 1 .. TASKS * ROUNDS) {
      assert(sent[i] == received[i] || (sent[i] == 1 && buffer0??[eval(i)]))
    }
  }
}
