// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t same_range_bad
// RUN: %race_found %t overlapping_steps_bad
// RUN: %race_found %t constant_in_range_bad
// RUN: %race_found %t one_loop_for_all_bad
// RUN: %race_found %t member_bad
// RUN: %race_found %t container_bad
// RUN: %race_found %t through_a_callee_bad
// RUN: %race_found %t two_dimensions_bad
// RUN: %t ok

// Which elements of an array threads touch is known where loops with constant bounds count them.
#include "../scenarios.h"

#include <array>
#include <mutex>
#include <thread>
#include <vector>

constexpr int size = 100;

int same[size];

void same_range_bad() {
  std::thread worker([] {
    for (int i = 0; i < size; ++i)
      same[i] += 1; // expected-warning {{'same' is written here while another thread writes it}}
  });
  for (int i = 0; i < size; ++i)
    same[i] = 0;
  worker.join();
}

char bytes[size];

void overlapping_steps_bad() {
  std::thread worker([] {
    for (int i = 0; i < size / 2; i++)
      bytes[2 * i]++; // expected-warning {{'bytes' is written}}
  });
  for (int i = 0; i < size / 3; i++)
    bytes[3 * i + 1]++;
  worker.join();
}

int slots[size];

void constant_in_range_bad() {
  std::thread worker([] {
    for (int i = 10; i <= 20; ++i)
      slots[i] = i; // expected-warning {{'slots' is written}}
  });
  slots[15] = 1;
  worker.join();
}

int histogram[size];

void count_all() {
  for (int i = 0; i < size; ++i)
    histogram[i] += i; // expected-warning {{'histogram' is written here by several threads}}
}

void one_loop_for_all_bad() {
  std::vector<std::thread> workers;
  for (int n = 0; n < 4; ++n)
    workers.emplace_back(count_all);
  for (std::thread &worker : workers)
    worker.join();
}

struct table {
  std::array<int, size> rows{};
  void clear() {
    for (size_t i = 0; i < size; ++i)
      rows[i] = 0; // expected-warning {{'rows' is written}}
  }
};

void member_bad() {
  table t;
  std::thread worker([&t] { t.clear(); });
  t.clear();
  worker.join();
}

void container_bad() {
  std::vector<int> values(size);
  std::thread worker([&values] {
    for (int i = 0; i < size; ++i)
      values[i] = i; // expected-warning {{'values' is written}}
  });
  int sum = 0;
  for (int i = size - 1; i >= 0; --i)
    sum += values[i];
  std::printf("%d\n", sum);
  worker.join();
}

int filled[size];

void fill() {
  for (int i = 0; i < size; i += 2)
    filled[i] = i; // expected-warning {{'filled' is written}}
}

void through_a_callee_bad() {
  std::thread worker(fill);
  fill();
  worker.join();
}

int matrix[size][size];

void two_dimensions_bad() {
  std::thread worker([] {
    for (int i = 0; i < size; ++i)
      for (int j = 0; j < size; ++j)
        matrix[i][j] = i; // expected-warning {{'matrix' is written}}
  });
  for (int i = 0; i < size; ++i)
    matrix[i][3] = i;
  worker.join();
}

int odd_and_even[size];

void odd_and_even_ok() {
  std::thread worker([] {
    for (int i = 0; i < size / 2; ++i)
      odd_and_even[2 * i] = i;
  });
  for (int i = 0; i < size / 2; ++i)
    odd_and_even[2 * i + 1] = i;
  worker.join();
}

int halves[size];

void halves_ok() {
  std::thread worker([] {
    for (int i = 0; i < size / 2; ++i)
      halves[i] = i;
  });
  for (int i = size / 2; i < size; ++i)
    halves[i] = i;
  worker.join();
}

int parted[size];

void fill_part(int begin, int end) {
  for (int i = begin; i < end; ++i)
    parted[i] = i;
}

void parts_by_argument_ok() {
  std::thread worker(fill_part, 0, size / 2);
  fill_part(size / 2, size);
  worker.join();
}

int every_fourth[size];

void fill_every_fourth(int first) {
  for (int i = first; i < size; i += 4)
    every_fourth[i] = i;
}

void by_first_index_ok() {
  std::thread worker(fill_every_fourth, 0);
  fill_every_fourth(1);
  worker.join();
}

int chosen[size];

void fill_chosen(int which) {
  for (int i = 0; i < size; ++i)
    if (i % 2 == which)
      chosen[i] = i;
}

void fill_skipping(int which) {
  for (int i = 0; i < size; ++i) {
    if (i % 2 != which)
      continue;
    chosen[i] = i;
  }
}

void by_condition_ok() {
  std::thread worker(fill_chosen, 0);
  fill_skipping(1);
  worker.join();
}

int blocks[2 * size];

void fill_block(int *block) {
  for (int i = 0; i < size; ++i)
    block[i] = i;
}

void blocks_by_pointer_ok() {
  std::thread worker(fill_block, blocks);
  fill_block(blocks + size);
  worker.join();
}

struct part {
  int numbers[size];
  void fill() {
    for (int i = 0; i < size; ++i)
      numbers[i] = i;
  }
};

part parts[2];

void parts_ok() {
  std::thread worker([] { parts[0].fill(); });
  parts[1].fill();
  worker.join();
}

int rows[2][size];

void rows_ok() {
  std::thread worker([] {
    for (int i = 0; i < size; ++i)
      rows[0][i] = i;
  });
  for (int i = 0; i < size; ++i)
    rows[1][i] = i;
  worker.join();
}

int offset[size];

void offset_of_its_own_ok() {
  const auto fill_from = [](int first) {
    for (int i = 0; i < size / 2; ++i)
      offset[first + i] = i;
  };
  std::thread worker(fill_from, 0);
  fill_from(size / 2);
  worker.join();
}

int reset[size];

void until_the_end_is_found_ok() {
  std::thread worker([] {
    for (int i = 0; i < size; ++i) {
      if (i == 10)
        break;
      reset[i] = 0;
    }
  });
  for (int i = 50; i < size; ++i)
    reset[i] = 0;
  worker.join();
}

int guarded[size];
std::mutex mutexes[size];

void lock_of_each_element_ok() {
  const auto count = [] {
    for (int i = 0; i < size; ++i) {
      std::lock_guard lock(mutexes[i]);
      ++guarded[i];
    }
  };
  std::thread worker(count);
  count();
  worker.join();
}

// The first element of the one half is none of the other's.
void scale(double *samples, int count) {
  for (int i = 0; i < count; ++i)
    samples[i] *= 2;
  samples[0] = 1;
}

void scale_halves(double *samples, int count) {
  int half = count / 2;
  std::thread other(scale, samples, half);
  scale(samples + half, count - half);
  other.join();
}

void halves_by_pointer_ok() {
  std::vector<double> samples(size);
  scale_halves(samples.data(), size);
}

int joined[size];

void joined_ok() {
  std::thread worker([] {
    for (int i = 0; i < size; ++i)
      joined[i] = i;
  });
  worker.join();
  for (int i = 0; i < size; ++i)
    joined[i] = 0;
}

int read_only[size];

void both_read_ok() {
  std::thread worker([] {
    int sum = 0;
    for (int i = 0; i < size; ++i)
      sum += read_only[i];
    std::printf("%d\n", sum);
  });
  for (int i = 0; i < size; ++i)
    std::printf("%d\n", read_only[i]);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(same_range_bad), SCENARIO(overlapping_steps_bad),
              SCENARIO(constant_in_range_bad), SCENARIO(one_loop_for_all_bad), SCENARIO(member_bad),
              SCENARIO(container_bad), SCENARIO(through_a_callee_bad), SCENARIO(two_dimensions_bad),
              SCENARIO(odd_and_even_ok), SCENARIO(halves_ok), SCENARIO(parts_by_argument_ok),
              SCENARIO(by_first_index_ok), SCENARIO(by_condition_ok),
              SCENARIO(blocks_by_pointer_ok), SCENARIO(parts_ok), SCENARIO(rows_ok),
              SCENARIO(offset_of_its_own_ok), SCENARIO(until_the_end_is_found_ok),
              SCENARIO(lock_of_each_element_ok), SCENARIO(halves_by_pointer_ok),
              SCENARIO(joined_ok), SCENARIO(both_read_ok))
