package jetstream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

const (
	// defaultDeadline bounds a handler whose consumer sets none.
	defaultDeadline = 30 * time.Second
	// askTimeout bounds one request for a message. After a broken connection
	// no answer comes: that is noticed so late at most.
	askTimeout = 5 * time.Second
	// interruptionPause is the wait after a request that failed.
	interruptionPause = 500 * time.Millisecond
)

// subscription is a running consumer.
type subscription struct {
	bus      *Bus
	consumer bus.Consumer

	// alive ends when handlers have to end at once.
	alive context.Context
	kill  context.CancelFunc
	// wanted ends when no more events are to be taken.
	wanted  context.Context
	unwant  context.CancelFunc
	stopped chan struct{} // closed when no handler runs any more

	mu      sync.Mutex
	durable jetstream.Consumer
}

// Subscribe starts the consumer. A name, a subject or a missing handler that
// breaks the rules is Invalid; a consumer that already runs here a Conflict.
func (b *Bus) Subscribe(ctx context.Context, c bus.Consumer) (bus.Subscription, error) {
	if err := checkConsumer(c); err != nil {
		return nil, fail("subscribe", err)
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	s := &subscription{bus: b, consumer: withDefaults(c), stopped: make(chan struct{})}
	s.alive, s.kill = context.WithCancel(context.WithoutCancel(ctx))
	s.wanted, s.unwant = context.WithCancel(s.alive)
	if err := b.enter(s); err != nil {
		return nil, fail("subscribe", err)
	}
	if err := s.open(ctx); err != nil {
		b.leave(s)
		s.kill()
		return nil, fail("subscribe", err)
	}
	go s.run()
	return s, nil
}

func checkConsumer(c bus.Consumer) error {
	ok := c.Name != "" && c.Handle != nil
	for _, r := range c.Name {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}
	for _, subject := range c.Subjects {
		ok = ok && bus.ValidPattern(subject)
	}
	if !ok {
		return &scene.Error{Code: scene.Invalid, Key: "bus.consumer", Args: map[string]any{
			"name": c.Name, "subjects": strings.Join(c.Subjects, " "),
		}}
	}
	return nil
}

func withDefaults(c bus.Consumer) bus.Consumer {
	if c.Retry == nil {
		c.Retry = bus.DefaultRetry()
	}
	if c.Deadline == 0 {
		c.Deadline = defaultDeadline
	}
	c.Parallel = max(c.Parallel, 1)
	return c
}

// open makes the durable consumer, or brings the one on the server up to date.
// Where it starts in the stream is decided once, when it is made.
func (s *subscription) open(ctx context.Context) error {
	config := jetstream.ConsumerConfig{Durable: s.consumer.Name, DeliverPolicy: jetstream.DeliverNewPolicy}
	if s.consumer.FromStart {
		config.DeliverPolicy = jetstream.DeliverAllPolicy
	}
	old, err := s.bus.events.Consumer(ctx, s.consumer.Name)
	switch {
	case err == nil:
		config = old.CachedInfo().Config
	case !errors.Is(err, jetstream.ErrConsumerNotFound):
		return err
	}
	config.AckPolicy = jetstream.AckExplicitPolicy
	config.AckWait = s.bus.config.AckWait
	config.MaxDeliver = -1 // how often is decided here, by Retry
	// The server hands out no more than can be handled at once. With one, a
	// retry holds back what comes after it: order is kept.
	config.MaxAckPending = s.consumer.Parallel
	config.InactiveThreshold = s.consumer.Forget
	config.FilterSubject = ""
	config.FilterSubjects = s.filters()
	made, err := s.bus.events.CreateOrUpdateConsumer(ctx, config)
	if err == nil {
		s.mu.Lock()
		s.durable = made
		s.mu.Unlock()
	}
	return err
}

func (s *subscription) current() jetstream.Consumer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.durable
}

func (s *subscription) filters() []string {
	if len(s.consumer.Subjects) == 0 {
		return []string{prefixEvents + ">"}
	}
	filters := make([]string, len(s.consumer.Subjects))
	for i, subject := range s.consumer.Subjects {
		filters[i] = prefixEvents + subject
	}
	return filters
}

// run takes messages until Stop, with one worker for each event that may be
// handled at once.
func (s *subscription) run() {
	defer close(s.stopped)
	defer s.bus.leave(s)
	var workers sync.WaitGroup
	defer workers.Wait()
	for range s.consumer.Parallel {
		workers.Go(func() {
			for s.wanted.Err() == nil {
				if err := s.takeOne(); err != nil && s.wanted.Err() == nil {
					s.bus.config.Logger.Warn("consumer interrupted", "consumer", s.consumer.Name, "err", err)
					s.pause()
				}
			}
		})
	}
}

// takeOne asks for one message and handles it if one comes in time.
//
// The iterators of the client, which ask ahead, are not used: with a server so
// near and one message at a time they miss that a message has come and stand
// still until a heartbeat fails to come, for half a minute (nats.go v1.55.0).
func (s *subscription) takeOne() error {
	ctx, cancel := context.WithTimeout(s.wanted, askTimeout)
	defer cancel()
	taken, err := s.current().Fetch(1, jetstream.FetchContext(ctx))
	if err != nil {
		return err
	}
	for m := range taken.Messages() {
		s.handle(m)
	}
	if err := taken.Error(); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// pause waits a little after an interruption and makes the consumer again if
// it is gone.
func (s *subscription) pause() {
	t := time.NewTimer(interruptionPause)
	defer t.Stop()
	select {
	case <-s.wanted.Done():
		return
	case <-t.C:
	}
	ctx, cancel := bounded(s.wanted)
	defer cancel()
	if _, err := s.current().Info(ctx); !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return
	}
	if err := s.open(ctx); err != nil {
		s.bus.config.Logger.Error("consumer lost", "consumer", s.consumer.Name, "err", err)
	}
}

// handle has one message handled and tells the server what became of it.
func (s *subscription) handle(m jetstream.Msg) {
	log := s.bus.config.Logger.With("consumer", s.consumer.Name, "subject", m.Subject())
	tries := 1
	if meta, err := m.Metadata(); err == nil {
		tries = int(meta.NumDelivered)
	}
	e, err := bus.DecodeEvent(m.Data())
	if err != nil {
		e = scene.Event{Subject: strings.TrimPrefix(m.Subject(), prefixEvents)}
		tries = max(tries, len(s.consumer.Retry)+1) // trying again would not help
	} else {
		err = s.call(m, e)
	}
	switch {
	case err == nil:
		err = s.acknowledge(m)
	case tries <= len(s.consumer.Retry):
		log.Warn("event will be tried again", "event", e.ID, "tries", tries, "err", err)
		err = m.NakWithDelay(s.consumer.Retry[tries-1])
	default:
		log.Error("event given up", "event", e.ID, "tries", tries, "err", err)
		err = s.bury(m, bus.DeadLetter{Event: e, Consumer: s.consumer.Name, Tries: tries, Reason: err.Error(), At: s.bus.config.Now()})
	}
	if err != nil { // the server will hand it out again
		log.Warn("outcome not told to the server", "event", e.ID, "err", err)
	}
}

// acknowledge waits until the server has noted it, so that an event that was
// handled before an orderly end does not come again after it.
func (s *subscription) acknowledge(m jetstream.Msg) error {
	ctx, cancel := bounded(context.WithoutCancel(s.alive))
	defer cancel()
	return m.DoubleAck(ctx)
}

// call runs the handler within its deadline, and tells the server meanwhile
// that the message is in good hands.
func (s *subscription) call(m jetstream.Msg, e scene.Event) (err error) {
	ctx, cancel := context.WithTimeout(s.alive, s.consumer.Deadline)
	var beats sync.WaitGroup
	beats.Go(func() { s.beat(ctx, m) })
	defer func() {
		cancel()
		beats.Wait()
		if v := recover(); v != nil {
			err = fmt.Errorf("handler panicked: %v", v)
		}
	}()
	return s.consumer.Handle(ctx, e)
}

func (s *subscription) beat(ctx context.Context, m jetstream.Msg) {
	tick := time.NewTicker(s.bus.config.AckWait / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := m.InProgress(); err != nil {
				s.bus.config.Logger.Warn("handler may be doubled", "consumer", s.consumer.Name, "err", err)
			}
		}
	}
}

// Stop takes no more events, waits for those in hand, and flushes what the
// server is to be told.
func (s *subscription) Stop(ctx context.Context) error {
	s.unwant()
	select {
	case <-s.stopped:
		s.kill()
		ctx, cancel := bounded(ctx)
		defer cancel()
		if s.bus.conn.IsClosed() {
			return nil
		}
		return fail("stop", s.bus.conn.FlushWithContext(ctx))
	case <-ctx.Done():
		s.kill()
		return fail("stop", ctx.Err())
	}
}
