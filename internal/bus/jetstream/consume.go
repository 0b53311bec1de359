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
	// reopenPause is the wait before a consumer that the server took away, or
	// could not be asked for, is opened again.
	reopenPause = time.Second
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
	messages, err := s.open(ctx)
	if err != nil {
		b.leave(s)
		s.kill()
		return nil, fail("subscribe", err)
	}
	go s.run(messages)
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

// open makes the durable consumer, or brings the one on the server up to date,
// and begins to take its messages. Where it starts in the stream is decided
// once, when it is made.
func (s *subscription) open(ctx context.Context) (jetstream.MessagesContext, error) {
	config := jetstream.ConsumerConfig{Durable: s.consumer.Name, DeliverPolicy: jetstream.DeliverNewPolicy}
	if s.consumer.FromStart {
		config.DeliverPolicy = jetstream.DeliverAllPolicy
	}
	old, err := s.bus.events.Consumer(ctx, s.consumer.Name)
	switch {
	case err == nil:
		config = old.CachedInfo().Config
	case !errors.Is(err, jetstream.ErrConsumerNotFound):
		return nil, err
	}
	config.AckPolicy = jetstream.AckExplicitPolicy
	config.AckWait = s.bus.config.AckWait
	config.MaxDeliver = -1 // how often is decided here, by Retry
	// The server hands out no more than can be handled at once. With one, a
	// retry holds back what comes after it: order is kept.
	config.MaxAckPending = s.consumer.Parallel
	config.FilterSubject = ""
	config.FilterSubjects = s.filters()
	c, err := s.bus.events.CreateOrUpdateConsumer(ctx, config)
	if err != nil {
		return nil, err
	}
	return c.Messages(jetstream.PullMaxMessages(max(2*s.consumer.Parallel, 16)),
		jetstream.WithMessagesErrOnMissingHeartbeat(false))
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

// run takes messages until Stop, and opens the consumer again if it is lost.
func (s *subscription) run(messages jetstream.MessagesContext) {
	defer close(s.stopped)
	defer s.bus.leave(s)
	for {
		if messages != nil {
			s.take(messages)
		}
		select {
		case <-s.wanted.Done():
			return
		case <-time.After(reopenPause):
		}
		ctx, cancel := bounded(s.wanted)
		var err error
		if messages, err = s.open(ctx); err != nil {
			s.bus.config.Logger.Error("consumer lost", "consumer", s.consumer.Name, "err", err)
		}
		cancel()
	}
}

// take handles messages until they end, and returns when no handler runs any more.
func (s *subscription) take(messages jetstream.MessagesContext) {
	defer context.AfterFunc(s.wanted, messages.Drain)()
	defer messages.Stop()
	var handlers sync.WaitGroup
	defer handlers.Wait()
	free := make(chan struct{}, s.consumer.Parallel)
	for {
		m, err := messages.Next()
		if err != nil {
			if !errors.Is(err, jetstream.ErrMsgIteratorClosed) {
				s.bus.config.Logger.Warn("consumer interrupted", "consumer", s.consumer.Name, "err", err)
			}
			return
		}
		if s.consumer.Parallel == 1 {
			s.handle(m)
			continue
		}
		free <- struct{}{}
		handlers.Go(func() {
			defer func() { <-free }()
			s.handle(m)
		})
	}
}

// handle has one message handled and tells the server what became of it.
func (s *subscription) handle(m jetstream.Msg) {
	log := s.bus.config.Logger.With("consumer", s.consumer.Name, "subject", m.Subject())
	tries := 1
	if meta, err := m.Metadata(); err == nil {
		tries = int(meta.NumDelivered)
	}
	e, err := decodeEvent(m.Data())
	if err != nil {
		e = scene.Event{Subject: strings.TrimPrefix(m.Subject(), prefixEvents)}
		tries = max(tries, len(s.consumer.Retry)+1) // trying again would not help
	} else {
		err = s.call(m, e)
	}
	switch {
	case err == nil:
		err = m.Ack()
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
