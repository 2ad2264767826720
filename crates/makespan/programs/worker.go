// The program's end of makespan's worker protocol, with the workloads get, sleep, memory and stream.
//
// The protocol is described in crates/harness/src/protocol/mod.rs. A program brings a way to run units and hands it to serve.
// Go 1.18 or later; nothing but the standard library.

package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const protocol = 2

// Runs units 0 to units-1 of the work, each once and at most limit at a time.
type way func(work work, limit int, units uint64) (tally, error)

// A workload with its sizes.
type work interface {
	open(connections int) error
	// Takes up the delays of a draw, untimed.
	draw(number uint64)
	// Does one unit and returns what it contributes to the digest.
	unit(unit uint64) (uint64, error)
	close()
}

// A count, and a digest modulo 2^64.
type tally struct {
	Count  uint64 `json:"count"`
	Digest uint64 `json:"digest"`
}

// The sum of tallies, in any order, and the first error.
type sums struct {
	lock  sync.Mutex
	tally tally
	err   error
}

func (sum *sums) add(contribution uint64, err error) {
	sum.lock.Lock()
	defer sum.lock.Unlock()
	if err != nil {
		if sum.err == nil {
			sum.err = err
		}
		return
	}
	sum.tally.Count++
	sum.tally.Digest += contribution
}

func (sum *sums) total() (tally, error) {
	return sum.tally, sum.err
}

type params struct {
	Seed      uint64 `json:"seed"`
	Tasks     uint64 `json:"tasks"`
	Latency   string `json:"latency"`
	StaggerUs uint64 `json:"stagger_us"`
	HeldBytes uint64 `json:"held_bytes"`
	Items     uint64 `json:"items"`
}

// What the parent sends.
type message struct {
	Type     string `json:"type"`
	Workload string `json:"workload"`
	Params   params `json:"params"`
	Setup    struct {
		Limit       int    `json:"limit"`
		Connections int    `json:"connections"`
		Server      string `json:"server"`
	} `json:"setup"`
	Release bool   `json:"release"`
	Draw    uint64 `json:"draw"`
}

type sample struct {
	Type                string  `json:"type"`
	WallNs              int64   `json:"wall_ns"`
	CpuNs               int64   `json:"cpu_ns"`
	CpuUserNs           int64   `json:"cpu_user_ns"`
	CpuSystemNs         int64   `json:"cpu_system_ns"`
	SwitchesVoluntary   int64   `json:"switches_voluntary"`
	SwitchesInvoluntary int64   `json:"switches_involuntary"`
	MinorFaults         int64   `json:"minor_faults"`
	ThreadsPeak         *uint64 `json:"threads_peak"`
	RssBaseBytes        *uint64 `json:"rss_base_bytes"`
	RssPeakBytes        *uint64 `json:"rss_peak_bytes"`
	Reopened            bool    `json:"reopened"`
	Tally               tally   `json:"tally"`
}

// A message of nothing but words.
type said map[string]interface{}

// Opens a cell, then takes a sample whenever it is told to.
type worker struct {
	way  way
	cell *message
	work work
}

func (worker *worker) answer(line []byte) (interface{}, error) {
	var message message
	if err := json.Unmarshal(line, &message); err != nil {
		return nil, err
	}
	switch message.Type {
	case "open", "wake":
		if message.Type == "open" {
			worker.cell = &message
		}
		if err := worker.open(); err != nil {
			return nil, err
		}
		if message.Type == "open" {
			worker.park()
		}
		return said{"type": "opened"}, nil
	case "go":
		sample, err := worker.sample(message.Draw)
		worker.park()
		return sample, err
	}
	return nil, fmt.Errorf("it does not know the message %s", message.Type)
}

// Opens everything and does one wave of the work: as many units as are in flight at once.
func (worker *worker) open() error {
	if worker.cell == nil {
		return errors.New("nothing is open that could wake")
	}
	worker.close()
	cell := worker.cell
	switch cell.Workload {
	case "get":
		worker.work = newGet(cell)
	case "sleep":
		worker.work = &sleep{newWaits(cell)}
	case "memory":
		worker.work = &memory{newWaits(cell)}
	case "stream":
		worker.work = newStream(cell)
	default:
		return fmt.Errorf("it does not know the workload %s", cell.Workload)
	}
	if err := worker.work.open(cell.Setup.Connections); err != nil {
		return err
	}
	wave := uint64(cell.Setup.Connections)
	if cell.Params.Tasks < wave {
		wave = cell.Params.Tasks
	}
	_, err := worker.way(worker.work, cell.Setup.Limit, wave)
	return err
}

func (worker *worker) sample(draw uint64) (*sample, error) {
	if worker.work == nil {
		return nil, errors.New("nothing is open that could be sampled")
	}
	worker.work.draw(draw)
	peakIsFresh := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) == nil
	base := status("VmRSS")
	before := usage()
	start := time.Now()
	tally, err := worker.way(worker.work, worker.cell.Setup.Limit, worker.cell.Params.Tasks)
	wall := time.Since(start)
	after := usage()
	if err != nil {
		return nil, err
	}
	var peak *uint64
	if peakIsFresh {
		peak = kibibytes(status("VmHWM"))
	}
	user := after.Utime.Nano() - before.Utime.Nano()
	system := after.Stime.Nano() - before.Stime.Nano()
	return &sample{
		Type:                "sample",
		WallNs:              wall.Nanoseconds(),
		CpuNs:               user + system,
		CpuUserNs:           user,
		CpuSystemNs:         system,
		SwitchesVoluntary:   int64(after.Nvcsw - before.Nvcsw),
		SwitchesInvoluntary: int64(after.Nivcsw - before.Nivcsw),
		MinorFaults:         int64(after.Minflt - before.Minflt),
		ThreadsPeak:         status("Threads"),
		RssBaseBytes:        kibibytes(base),
		RssPeakBytes:        peak,
		Reopened:            worker.cell.Release,
		Tally:               tally,
	}, nil
}

// Lets connections go where the cell was opened so.
func (worker *worker) park() {
	if worker.cell != nil && worker.cell.Release {
		worker.close()
	}
}

func (worker *worker) close() {
	if worker.work != nil {
		worker.work.close()
		worker.work = nil
	}
}

func usage() syscall.Rusage {
	var usage syscall.Rusage
	// It fails only for a pointer that is none.
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return usage
}

// One number of /proc/self/status; nil where the system does not tell.
func status(key string) *uint64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil
	}
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) > 1 && words[0] == key+":" {
			if number, err := strconv.ParseUint(words[1], 10, 64); err == nil {
				return &number
			}
		}
	}
	return nil
}

func kibibytes(number *uint64) *uint64 {
	if number == nil {
		return nil
	}
	bytes := *number * 1024
	return &bytes
}

// Says one message on one line.
func say(message interface{}) {
	line, err := json.Marshal(message)
	if err == nil {
		_, err = os.Stdout.Write(append(line, '\n'))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var built = regexp.MustCompile(`^(/.*/go-build[0-9]+)/b[0-9]+/exe/[^/]+$`)

// Removes the executable that go run has made for this process alone. go run itself cannot, because the parent ends both at once. A
// process that runs does not need its file.
func tidy() {
	file, err := os.Executable()
	if err != nil {
		return
	}
	if folder := built.FindStringSubmatch(file); folder != nil {
		// What is left does no harm.
		_ = os.RemoveAll(folder[1])
	}
}

// Answers the parent until it closes the line.
func serve(way way) {
	tidy()
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) == nil {
		files.Cur = files.Max
		// If it is refused, a connection too many says so.
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &files)
	}
	say(said{
		"type":     "hello",
		"protocol": protocol,
		"version":  runtime.Version(),
		"cells":    []string{"get/*", "sleep/*", "memory/*", "stream/*"},
	})
	worker := worker{way: way}
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			break
		}
		answer, err := worker.answer(line)
		if err != nil {
			answer = said{"type": "failed", "reason": err.Error()}
		}
		say(answer)
	}
	worker.close()
}

// Mixes two words into one: SplitMix64's finaliser, as in crates/workloads/src/content.rs.
func mix(a, b uint64) uint64 {
	const golden = 0x9E3779B97F4A7C15
	z := a*golden ^ (b + golden)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func crc(bytes []byte) uint64 {
	return uint64(crc32.ChecksumIEEE(bytes))
}

// The id of the first attempt at one item of one endpoint.
func key(seed uint64, endpoint string, item uint64) uint64 {
	return mix(mix(mix(seed, crc([]byte(endpoint))), item), 0)
}

// Each unit downloads one small body.
type get struct {
	seed   uint64
	server string
	client *http.Client
}

func newGet(cell *message) *get {
	// No proxy out of the environment: the server is on this machine. Connections stay open between samples, however long other
	// rows take.
	transport := &http.Transport{
		DisableCompression:  true,
		MaxConnsPerHost:     cell.Setup.Limit,
		MaxIdleConnsPerHost: cell.Setup.Limit,
	}
	return &get{
		seed:   cell.Params.Seed,
		server: "http://" + cell.Setup.Server,
		client: &http.Client{Transport: transport},
	}
}

func (get *get) open(connections int) error {
	// An answer that is not read yet holds its connection, so that each of these opens another.
	answers := make([]*http.Response, 0, connections)
	for len(answers) < connections {
		answer, err := get.client.Get(get.server + "/ready")
		if err != nil {
			return err
		}
		answers = append(answers, answer)
	}
	for _, answer := range answers {
		if _, err := read(answer); err != nil {
			return err
		}
	}
	return nil
}

// The server waits for the delays of a draw, and nothing of what is downloaded changes.
func (get *get) draw(uint64) {}

func (get *get) unit(unit uint64) (uint64, error) {
	answer, err := get.client.Get(get.server + "/get/" + strconv.FormatUint(unit, 10))
	if err != nil {
		return 0, err
	}
	body, err := read(answer)
	if err != nil {
		return 0, err
	}
	return mix(key(get.seed, "get", unit), crc(body)), nil
}

func (get *get) close() {
	get.client.CloseIdleConnections()
}

// The whole body of a 200.
func read(answer *http.Response) ([]byte, error) {
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s was answered with status %d", answer.Request.URL.Path, answer.StatusCode)
	}
	return io.ReadAll(answer.Body)
}

// Units that each wait once on the program's own timer.
type waits struct {
	params
	endpoint string
	// Of all units, where they are equal.
	equal time.Duration
	// Of each unit, where they are not.
	delays []time.Duration
}

func newWaits(cell *message) waits {
	waits := waits{params: cell.Params, endpoint: cell.Workload}
	waits.draw(0)
	return waits
}

func (waits *waits) open(int) error {
	return nil
}

func (waits *waits) draw(number uint64) {
	source := waits.Seed
	if number > 0 {
		source = mix(waits.Seed, 1<<32|number)
	}
	spread := distribution(waits.Latency)
	stagger := time.Duration(waits.StaggerUs) * time.Microsecond
	waits.equal, waits.delays = 0, nil
	if spread == nil {
		waits.equal = duration(waits.Latency)
		if stagger == 0 {
			return
		}
	}
	waits.delays = make([]time.Duration, waits.Tasks)
	for unit := range waits.delays {
		wait := waits.equal
		if spread != nil {
			wait = spread(source, waits.endpoint, uint64(unit))
		}
		if stagger > 0 {
			wait += uniform(0, stagger)(source, "stagger_us", uint64(unit))
		}
		waits.delays[unit] = wait
	}
}

func (waits *waits) delay(unit uint64) time.Duration {
	if waits.delays == nil {
		return waits.equal
	}
	return waits.delays[unit]
}

func (waits *waits) close() {}

// Each unit sleeps, and proves for how long.
type sleep struct{ waits }

func (sleep *sleep) unit(unit uint64) (uint64, error) {
	delay := sleep.delay(unit)
	time.Sleep(delay)
	var nanoseconds [16]byte
	binary.LittleEndian.PutUint64(nanoseconds[:], uint64(delay))
	return mix(mix(sleep.Seed, unit), crc(nanoseconds[:])), nil
}

// Each unit fills a buffer, sleeps, and proves that the buffer has not changed.
type memory struct{ waits }

func (memory *memory) unit(unit uint64) (uint64, error) {
	owner := mix(memory.Seed, unit)
	held := make([]byte, memory.HeldBytes)
	for index := range held {
		held[index] = byte(owner)
	}
	time.Sleep(memory.delay(unit))
	return mix(owner, crc(held)), nil
}

// Each unit consumes a generator that yields a number after each wait. There are four ways to consume them, as in
// crates/workloads/src/catalog/stream.rs.
type stream struct {
	params
	source uint64
	// Of all items, where they are equal.
	equal  time.Duration
	spread draws
}

func newStream(cell *message) *stream {
	stream := &stream{params: cell.Params, spread: distribution(cell.Params.Latency)}
	if stream.Items == 0 {
		// What is not said is the default.
		stream.Items = 10
	}
	if stream.spread == nil {
		stream.equal = duration(stream.Latency)
	}
	stream.draw(0)
	return stream
}

func (stream *stream) open(int) error {
	return nil
}

func (stream *stream) draw(number uint64) {
	stream.source = stream.Seed
	if number > 0 {
		stream.source = mix(stream.Seed, 1<<32|number)
	}
}

func (stream *stream) unit(unit uint64) (uint64, error) {
	endpoint := "stream/" + strconv.FormatUint(unit, 10)
	var all []string
	var sum, most uint64
	least := uint64(math.MaxUint64)
	for item := uint64(0); item < stream.Items; item++ {
		wait := stream.equal
		if stream.spread != nil {
			wait = stream.spread(stream.source, endpoint, item)
		}
		time.Sleep(wait)
		value := mix(key(stream.Seed, endpoint, item), 1) % 1000
		sum += value
		if value > most {
			most = value
		}
		if value < least {
			least = value
		}
		if unit%4 == 0 {
			all = append(all, strconv.FormatUint(value, 10))
		}
	}
	var result string
	switch unit % 4 {
	case 0:
		result = "Collect([" + strings.Join(all, ", ") + "])"
	case 1:
		result = fmt.Sprintf("Sum(%d)", sum)
	case 2:
		result = fmt.Sprintf("Max(%d)", most)
	default:
		mean := strconv.FormatFloat(float64(sum)/float64(stream.Items), 'f', -1, 64)
		result = fmt.Sprintf("min %d max %d mean %s", least, most, mean)
	}
	return mix(mix(stream.Seed, unit), crc([]byte(result))), nil
}

func (stream *stream) close() {}

// Draws a delay, as in crates/workloads/src/latency.rs.
type draws func(source uint64, endpoint string, item uint64) time.Duration

const longest = time.Minute

// The 99th and the 99.99th percentile of the standard normal distribution.
const (
	z99   = 2.326347874040841
	z9999 = 3.719016485455709
)

// A duration, such as `1s 500ms`.
func duration(text string) time.Duration {
	wait, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		panic(err)
	}
	return wait
}

// Rounded after the division, as it is everywhere else.
func seconds(wait time.Duration) float64 {
	return float64(wait/time.Second) + float64(float64(wait%time.Second)/1e9)
}

// So many times the wait, rounded to the nearest nanosecond.
func times(wait time.Duration, factor float64) time.Duration {
	// Exact: a product of 53 and 30 bits.
	exact := new(big.Float).SetPrec(100).SetFloat64(factor * seconds(wait))
	exact.Mul(exact, new(big.Float).SetPrec(100).SetFloat64(1e9))
	nanoseconds, err := strconv.ParseInt(exact.Text('f', 0), 10, 64)
	if err != nil {
		panic(err)
	}
	return time.Duration(nanoseconds)
}

// A number strictly between 0 and 1, made of 53 bits.
func part(source uint64, endpoint string, item, stream uint64) float64 {
	return (float64(mix(key(source, endpoint, item), stream)>>11) + 0.5) / (1 << 53)
}

func uniform(low, high time.Duration) draws {
	return func(source uint64, endpoint string, item uint64) time.Duration {
		return low + times(high-low, part(source, endpoint, item, 0))
	}
}

func lognormal(median, p99 time.Duration) draws {
	sigma := math.Log(seconds(p99)/seconds(median)) / z99
	return func(source uint64, endpoint string, item uint64) time.Duration {
		// Box and Muller.
		radius := math.Sqrt(-2 * math.Log(part(source, endpoint, item, 0)))
		z := radius * math.Cos(2*math.Pi*part(source, endpoint, item, 1))
		wait := times(median, math.Exp(sigma*math.Max(-z9999, math.Min(z, z9999))))
		if wait > longest {
			return longest
		}
		return wait
	}
}

// What draws a delay; nil where all are equal.
func distribution(latency string) draws {
	kind, ends, spread := strings.Cut(latency, ":")
	if !spread {
		return nil
	}
	first, second, _ := strings.Cut(ends, ",")
	if kind == "uniform" {
		return uniform(duration(first), duration(second))
	}
	return lognormal(duration(first), duration(second))
}
