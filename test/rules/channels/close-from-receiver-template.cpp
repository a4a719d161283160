// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// Channels of a type that is a template parameter.
#include "heddle/heddle.h"

void use(int value);

template <typename T> void produce(heddle::channel<T> values) {
  for (int i = 0; i < 10; ++i)
    values.send(T(i));
}

template <typename T> T take_one(heddle::channel<T> values) {
  const T got = values.receive().value_or(T());
  values.close(); // expected-warning {{close}}
  return got;
}

void function_template_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce<int>, numbers);
  use(take_one(numbers));
  producer.join();
}

template <typename T> class reader {
public:
  explicit reader(heddle::channel<T> from) : from_(from) {}
  T read_last() {
    const T got = from_.receive().value_or(T());
    from_.close(); // expected-warning {{close}}
    return got;
  }

private:
  heddle::channel<T> from_;
};

void class_template_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce<int>, numbers);
  use(reader<int>(numbers).read_last());
  producer.join();
}

template <typename T> void produce_and_close(heddle::sender<T> values) {
  values.send(T(1));
  values.close();
}

template <typename T> void print_all(heddle::receiver<T> values) {
  for (const T &value : values)
    use(value);
}

void function_template_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce_and_close<int>, numbers);
  print_all<int>(numbers);
  producer.join();
}

template <typename In, typename Out>
void convert(heddle::receiver<In> in, heddle::sender<Out> out) {
  for (const In &value : in)
    out.send(Out(value));
  out.close();
}

void stage_template_ok() {
  const auto numbers = heddle::make_channel<int>();
  const auto wide = heddle::make_channel<long>();
  heddle::task producer = heddle::go(produce_and_close<int>, numbers);
  heddle::task stage = heddle::go(convert<int, long>, numbers, wide);
  for (const long n : wide)
    use(static_cast<int>(n));
  producer.join();
  stage.join();
}
