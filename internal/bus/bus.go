// Package bus is the contract of the events between parts of the program:
// publish at least once, consume durably, retry with back-off, give up into a
// dead-letter stream. internal/bus/jetstream keeps it on NATS; the suite in
// bustest proves an adapter.
//
// It stands on the first floor. Messages are CloudEvents 1.0 in JSON on
// jinghe.v1.<noun>.<verb>; they carry ids, so a consumer re-reads the rows.
package bus

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Bus carries domain events. It is safe for concurrent use.
type Bus interface {
	// Publish stores events durably. The ID of an event de-duplicates it within
	// at least ten minutes. It returns when the server has them on disk.
	Publish(ctx context.Context, events ...scene.Event) error
	// Subscribe starts a durable consumer that goes on where the one of the
	// same name stopped. Handlers of one consumer run one at a time and in order
	// unless the consumer says otherwise.
	Subscribe(ctx context.Context, c Consumer) (Subscription, error)
	// DeadLetters returns the events that a consumer gave up on, newest first.
	DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error)
	// Health reports whether the server answers and how far consumers lag.
	Health(ctx context.Context) (Health, error)
	// Close drains subscriptions within the context's deadline, then stops.
	Close(ctx context.Context) error
}

// Consumer describes a durable reader.
type Consumer struct {
	Name     string   // [a-z0-9-]+, stable across versions
	Subjects []string // "<noun>.<verb>", with * for a part; empty is all
	// Handle is idempotent: it may see an event again. A nil error
	// acknowledges; any other is retried as Retry says.
	Handle func(ctx context.Context, e scene.Event) error
	Retry  Retry
	// Deadline bounds one call of Handle; 0 means 30 s.
	Deadline time.Duration
	// Parallel is how many events may be handled at once; 0 and 1 keep order.
	Parallel int
	// FromStart delivers what was published before the consumer first existed.
	FromStart bool
	// Forget has the server forget the consumer when nobody has read for so
	// long: for one that belongs to a process which may not come back. 0 means never.
	Forget time.Duration
}

// Retry is the policy of a consumer: the pause before each further try. After
// the last one the event goes to the dead letters. Nil means DefaultRetry.
type Retry []time.Duration

// DefaultRetry gives an event five further tries over about six minutes.
func DefaultRetry() Retry {
	return Retry{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute}
}

// Subscription is a running consumer.
type Subscription interface {
	// Stop returns when no handler runs any more, or with the context's error.
	Stop(ctx context.Context) error
}

// DeadLetter is an event that could not be handled.
type DeadLetter struct {
	Event    scene.Event
	Consumer string
	Tries    int
	Reason   string // last error
	At       time.Time
}

// Health describes the bus.
type Health struct {
	Server  string         // name and version of the server
	Pending map[string]int // by consumer: events not yet handled
	Dead    int            // dead letters kept
}
