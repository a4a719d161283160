// The values that a context carries. Internal.
#pragma once

#include <memory>
#include <typeinfo>
#include <utility>

namespace heddle::detail {

/// One value and what came before it: a list that contexts share, the newest first. Immutable once
/// it is linked, and so thread-safe.
class context_value {
public:
  virtual ~context_value() {
    // One after the other: the chain may be longer than what a task's stack has room for.
    while (older && older.use_count() == 1)
      older = std::shared_ptr<const context_value>(std::move(older->older));
  }

  /// What the newest entry with that key holds; null if there is none or it holds another type.
  static const void *find(const context_value *newest, const std::type_info &key_type,
                          const void *key, const std::type_info &value_type) {
    for (const context_value *entry = newest; entry; entry = entry->older.get())
      if (entry->has(key_type, key))
        return entry->as(value_type);
    return nullptr;
  }

  mutable std::shared_ptr<const context_value> older; ///< only destructors change it

private:
  virtual bool has(const std::type_info &key_type, const void *key) const = 0;
  virtual const void *as(const std::type_info &value_type) const noexcept = 0;
};

template <typename K, typename V> class context_value_of final : public context_value {
public:
  context_value_of(K key, V value) : key_(std::move(key)), value_(std::move(value)) {}

private:
  bool has(const std::type_info &key_type, const void *key) const override {
    return key_type == typeid(K) && *static_cast<const K *>(key) == key_;
  }
  const void *as(const std::type_info &value_type) const noexcept override {
    return value_type == typeid(V) ? &value_ : nullptr;
  }

  const K key_;
  const V value_;
};

} // namespace heddle::detail
