// A hash map that several tasks use at a time.
#pragma once

#include "heddle/rw_mutex.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <source_location>
#include <unordered_map>
#include <utility>
#include <vector>

namespace heddle {

/// Each call is one atomic step, and two calls are two: instead of a load that decides about a
/// store use load_or_store or update. Values go in and out by copy, so nothing refers into the map;
/// let the value be a shared_ptr where that is too dear. What was stored happens before the load
/// that returns it. Calls on different keys seldom wait for each other, and readers never for
/// readers. Thread-safe, not copyable. Errors: those of Hash, Equal, K and V; they, and the
/// callable of update, run under a lock and must not use the map.
template <typename K, typename V, typename Hash = std::hash<K>, typename Equal = std::equal_to<K>>
class concurrent_map {
public:
  using key_type = K;
  using mapped_type = V;

  /// The value of the key, if there is one.
  [[nodiscard]] std::optional<V>
  load(const K &key, std::source_location where = std::source_location::current()) const {
    const shard &part = shards_[index_of(key)];
    read_guard lock(part.mutex, where);
    const auto found = part.values.find(key);
    return found == part.values.end() ? std::nullopt : std::optional<V>(found->second);
  }

  /// Sets the value of the key.
  void store(const K &key, V value, std::source_location where = std::source_location::current()) {
    shard &part = shards_[index_of(key)];
    write_guard lock(part.mutex, where);
    part.values.insert_or_assign(key, std::move(value));
  }

  /// The value of the key and true; if there is none, stores this one and returns it and false.
  std::pair<V, bool> load_or_store(const K &key, V value,
                                   std::source_location where = std::source_location::current()) {
    shard &part = shards_[index_of(key)];
    write_guard lock(part.mutex, where);
    const auto [place, stored] = part.values.try_emplace(key, std::move(value));
    return {place->second, !stored};
  }

  /// Replaces the value of the key, if there is one, else V(), by what the callable makes of it.
  template <std::invocable<V &> F>
  void update(const K &key, F &&change,
              std::source_location where = std::source_location::current()) {
    shard &part = shards_[index_of(key)];
    write_guard lock(part.mutex, where);
    std::forward<F>(change)(part.values[key]);
  }

  /// Removes the key and returns its value, if it was there.
  std::optional<V> erase(const K &key,
                         std::source_location where = std::source_location::current()) {
    shard &part = shards_[index_of(key)];
    write_guard lock(part.mutex, where);
    const auto node = part.values.extract(key);
    return node ? std::optional<V>(std::move(node.mapped())) : std::nullopt;
  }

  /// Copies of all pairs, to be ranged over with no lock held. Not one instant's: a pair that comes
  /// or goes meanwhile may be in or not.
  [[nodiscard]] std::vector<std::pair<K, V>>
  snapshot(std::source_location where = std::source_location::current()) const {
    std::vector<std::pair<K, V>> all;
    for (const shard &part : shards_) {
      read_guard lock(part.mutex, where);
      all.insert(all.end(), part.values.begin(), part.values.end());
    }
    return all;
  }

  /// For monitoring only: out of date when it returns.
  [[nodiscard]] std::size_t
  size(std::source_location where = std::source_location::current()) const {
    std::size_t count = 0;
    for (const shard &part : shards_) {
      read_guard lock(part.mutex, where);
      count += part.values.size();
    }
    return count;
  }

private:
  struct alignas(64) shard {
    mutable rw_mutex mutex;
    std::unordered_map<K, V, Hash, Equal> values HEDDLE_GUARDED_BY(mutex);
  };

  // Fibonacci hashing: std::hash of a number is often the number, whose low bits choose the bucket.
  std::size_t index_of(const K &key) const {
    return static_cast<std::uint64_t>(Hash()(key)) * 0x9e3779b97f4a7c15U >> 60;
  }

  std::array<shard, 16> shards_;
};

} // namespace heddle
