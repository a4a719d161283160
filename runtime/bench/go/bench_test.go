// The eight programs of the comparison (see ../compare) in Go.
package bench

import (
	"context"
	"sync"
	"testing"
)

func Benchmark_ping_pong(b *testing.B) {
	ping, pong := make(chan int), make(chan int)
	done := make(chan struct{})
	go func() {
		for value := range ping {
			pong <- value
		}
		close(done)
	}()
	for i := 0; i < b.N; i++ {
		ping <- 1
		<-pong
	}
	close(ping)
	<-done
}

func Benchmark_buffered_128(b *testing.B) {
	values := make(chan int, 128)
	go func() {
		for i := 0; i < b.N; i++ {
			values <- 1
		}
	}()
	for i := 0; i < b.N; i++ {
		<-values
	}
}

func Benchmark_select_of_two(b *testing.B) {
	first, second := make(chan int), make(chan int)
	quit := make(chan struct{})
	var group sync.WaitGroup
	produce := func(into chan<- int) {
		defer group.Done()
		for {
			select {
			case into <- 1:
			case <-quit:
				return
			}
		}
	}
	group.Add(2)
	go produce(first)
	go produce(second)
	sum := 0
	for i := 0; i < b.N; i++ {
		select {
		case value := <-first:
			sum += value
		case value := <-second:
			sum += value
		}
	}
	close(quit)
	group.Wait()
}

func Benchmark_spawn_and_join(b *testing.B) {
	const batch = 100000
	for left := b.N; left > 0; left -= batch {
		var group sync.WaitGroup
		for i := 0; i < batch && i < left; i++ {
			group.Add(1)
			go func() { group.Done() }()
		}
		group.Wait()
	}
}

func Benchmark_contended_mutex(b *testing.B) {
	const tasks, each = 8, 1000
	var mu sync.Mutex
	total := 0
	for left := b.N; left > 0; left -= tasks * each {
		var group sync.WaitGroup
		for t := 0; t < tasks; t++ {
			group.Add(1)
			go func() {
				defer group.Done()
				for i := 0; i < each; i++ {
					mu.Lock()
					total++
					mu.Unlock()
				}
			}()
		}
		group.Wait()
	}
}

func Benchmark_fan_in_of_8(b *testing.B) {
	const inputs = 8
	values := make(chan int)
	each := b.N/inputs + 1
	var group sync.WaitGroup
	for p := 0; p < inputs; p++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := 0; i < each; i++ {
				values <- 1
			}
		}()
	}
	go func() {
		group.Wait()
		close(values)
	}()
	for i := 0; i < b.N; i++ {
		<-values
	}
	for range values {
	}
}

func Benchmark_pipeline_of_10(b *testing.B) {
	first := make(chan int)
	last := first
	for stage := 0; stage < 10; stage++ {
		in, out := last, make(chan int)
		go func() {
			for value := range in {
				out <- value + 1
			}
			close(out)
		}()
		last = out
	}
	go func() {
		for i := 0; i < b.N; i++ {
			first <- 0
		}
		close(first)
	}()
	for i := 0; i < b.N; i++ {
		<-last
	}
	<-last
}

func Benchmark_cancel_of_10000(b *testing.B) {
	const children = 10000
	all := make([]context.Context, 0, children)
	cancels := make([]context.CancelFunc, 0, children)
	// An operation is a batch here; compare divides.
	for n := 0; n < b.N; n++ {
		parent, cancel := context.WithCancel(context.Background())
		for i := 0; i < children; i++ {
			child, stop := context.WithCancel(parent)
			all = append(all, child)
			cancels = append(cancels, stop)
		}
		cancel()
		for _, child := range all {
			<-child.Done()
		}
		all, cancels = all[:0], cancels[:0]
	}
}
