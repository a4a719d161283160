// RUN: %heddle_verify --checks=split-atomic-update %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Without a thread in sight: what a class does elsewhere tells that several threads write.
#include <atomic>
#include <mutex>

class pool {
public:
  void take() { ++in_use_; }
  void give_back_bad() {
    in_use_ = in_use_ - 1; // expected-warning {{'in_use_' is loaded and stored in two steps}}
  }

private:
  std::atomic<int> in_use_ = 0;
};

void use(pool &p) {
  p.take();
  p.give_back_bad();
}

std::atomic<unsigned> references = 0;

void acquire_reference() { references.fetch_add(1); }

void release_reference_bad() {
  references.store(references.load() - 1); // expected-warning {{'references' is loaded and stored in two steps}}
}

class writer {
public:
  // Nobody else writes, as far as can be seen.
  void append_ok() { size_ = size_ + 1; }
  int size() const { return size_; }

private:
  std::atomic<int> size_ = 0;
};

class arena {
public:
  arena() { used_ = used_ + 1; }
  ~arena() { used_ = used_ - 1; }
  void grow() { used_ += 8; }
  // Relaxed on purpose: there is one writer.
  void allocate_ok(int n) {
    used_.store(used_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

private:
  std::atomic<int> used_ = 0;
};

class guarded {
public:
  void add_ok() {
    const std::lock_guard<std::mutex> lock(mutex_);
    count_ = count_ + 1;
  }
  void bump() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }
  int count() const { return count_; }

private:
  std::mutex mutex_;
  std::atomic<int> count_ = 0;
};

void use_others(writer &w, arena &a, guarded &g) {
  w.append_ok();
  a.grow();
  a.allocate_ok(w.size());
  g.add_ok();
  g.bump();
  (void)g.count();
}

class limiter {
public:
  explicit limiter(int most) : most_(most) {}
  bool enter_bad() {
    int now = active_.load(std::memory_order_acquire);
    if (now >= most_)
      return false;
    active_.store(now + 1, std::memory_order_release); // expected-warning {{'active_' is loaded and stored in two steps}}
    return true;
  }
  void leave() { active_.fetch_sub(1); }

private:
  const int most_;
  std::atomic<int> active_ = 0;
};

// In one function: where there is one thread, the cheap way will do.
class counts_alone {
public:
  void add_ok(bool alone) {
    if (alone)
      uses_ = uses_ + 1;
    else
      ++uses_;
  }

private:
  std::atomic<int> uses_ = 0;
};

// One writer puts in, one takes out: either changes a number of its own.
class ring {
public:
  void put_ok(int value) {
    unsigned at = tail_.load(std::memory_order_relaxed);
    slots_[at % 8] = value;
    tail_.store(at + 1, std::memory_order_release);
  }
  int take_ok() {
    unsigned at = head_.load(std::memory_order_relaxed);
    int value = slots_[at % 8];
    head_.store(at + 1, std::memory_order_release);
    return value;
  }

private:
  int slots_[8] = {};
  std::atomic<unsigned> head_ = 0, tail_ = 0;
};
