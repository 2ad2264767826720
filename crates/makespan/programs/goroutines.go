// Goroutines, by net/http of the standard library: one for each unit, or one after the other.
//
//	go run goroutines.go worker.go goroutines
//	go run goroutines.go worker.go loop
package main

import (
	"fmt"
	"os"
	"sync"
)

func main() {
	ways := map[string]way{"goroutines": goroutines, "loop": loop}
	if len(os.Args) == 2 && ways[os.Args[1]] != nil {
		serve(ways[os.Args[1]])
		return
	}
	fmt.Fprintln(os.Stderr, "allowed is one word, goroutines or loop")
	os.Exit(2)
}

// A goroutine for each unit. A buffered channel has as many places as may be in flight.
func goroutines(work work, limit int, units uint64) (tally, error) {
	places := make(chan struct{}, limit)
	var all sync.WaitGroup
	var sum sums
	for unit := uint64(0); unit < units; unit++ {
		places <- struct{}{}
		all.Add(1)
		go func(unit uint64) {
			defer all.Done()
			sum.add(work.unit(unit))
			<-places
		}(unit)
	}
	all.Wait()
	return sum.total()
}

// One unit after the other.
func loop(work work, _ int, units uint64) (tally, error) {
	var sum sums
	for unit := uint64(0); unit < units; unit++ {
		sum.add(work.unit(unit))
	}
	return sum.total()
}
