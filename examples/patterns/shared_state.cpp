// State that is shared in place: who reads, who writes, and what is replaced whole.
#include <heddle/heddle.h>

#include <cstdio>
#include <map>
#include <string>

namespace {

class directory {
public:
  void add(const std::string &name, int number) {
    heddle::write_guard lock(mu_);
    numbers_[name] = number;
  }
  int find(const std::string &name) {
    heddle::read_guard lock(mu_);
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? 0 : found->second;
  }

private:
  heddle::rw_mutex mu_;
  std::map<std::string, int> numbers_ HEDDLE_GUARDED_BY(mu_);
};

struct config {
  int limit = 0;
};

} // namespace

int main() {
  directory numbers;
  heddle::concurrent_map<std::string, int> visits;
  heddle::atomic_value<config> current(config{1});
  heddle::once setup;
  heddle::wait_group tasks;
  for (int i = 0; i < 4; ++i)
    tasks.go([&, i] {
      setup.call([&] { numbers.add("heddle", 7); });
      visits.update("page", [](int &n) { ++n; });
      current.store(config{10 + i});
      numbers.add(std::to_string(i), numbers.find("heddle"));
    });
  tasks.wait();
  std::printf("%d %d %d\n", numbers.find("3"), visits.load("page").value_or(0),
              current.load()->limit >= 10 ? 1 : 0);
}
