package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// maxDead is how many dead letters one question returns at most; maxReason how
// many bytes of an error are kept.
const (
	maxDead   = 1000
	maxReason = 4 << 10
)

// letter is a dead letter as it is stored; Event is the message as it came.
type letter struct {
	Consumer string          `json:"consumer"`
	Tries    int             `json:"tries"`
	Reason   string          `json:"reason"`
	At       time.Time       `json:"at"`
	Subject  string          `json:"subject"`
	Event    json.RawMessage `json:"event"`
}

// bury stores the dead letter, then takes the message from the consumer. The
// letter has an ID of its own, so that it is there once even if the second
// step fails.
func (s *subscription) bury(m jetstream.Msg, d bus.DeadLetter) error {
	l := letter{
		Consumer: d.Consumer, Tries: d.Tries, Reason: d.Reason[:min(len(d.Reason), maxReason)],
		At: d.At.UTC(), Subject: d.Event.Subject, Event: m.Data(),
	}
	if !json.Valid(l.Event) {
		l.Event, _ = json.Marshal(m.Data()) // kept as base64
	}
	body, err := json.Marshal(l)
	if err != nil {
		return err
	}
	out := nats.NewMsg(prefixDead + s.consumer.Name)
	out.Data = body
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	id := s.consumer.Name + "/" + meta.Timestamp.UTC().Format(time.RFC3339Nano) + "/" + string(d.Event.ID)
	ctx, cancel := bounded(context.WithoutCancel(s.alive))
	defer cancel()
	if _, err := s.bus.js.PublishMsg(ctx, out, jetstream.WithMsgID(id), jetstream.WithExpectStream(streamDead)); err != nil {
		return err
	}
	return m.TermWithReason("given up")
}

// DeadLetters reads the stream of dead letters from its end; limit is 1 to 1000.
func (b *Bus) DeadLetters(ctx context.Context, limit int) ([]bus.DeadLetter, error) {
	if limit < 1 || limit > maxDead {
		return nil, fail("dead_letters", &scene.Error{
			Code: scene.Invalid, Key: "bus.limit",
			Args: map[string]any{"limit": limit, "max": maxDead},
		})
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	info, err := b.dead.Info(ctx)
	if err != nil {
		return nil, fail("dead_letters", err)
	}
	var out []bus.DeadLetter
	for seq := info.State.LastSeq; seq >= max(info.State.FirstSeq, 1) && len(out) < limit; seq-- {
		m, err := b.dead.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) { // removed
			continue
		}
		if err != nil {
			return nil, fail("dead_letters", err)
		}
		d, err := readLetter(m.Data)
		if err != nil {
			return nil, fail("dead_letters", err)
		}
		out = append(out, d)
	}
	return out, nil
}

func readLetter(body []byte) (bus.DeadLetter, error) {
	var l letter
	if err := json.Unmarshal(body, &l); err != nil {
		return bus.DeadLetter{}, &scene.Error{Code: scene.Internal, Key: "bus.event", Err: err}
	}
	e, err := bus.DecodeEvent(l.Event)
	if err != nil { // what could not be read then cannot be read now
		e = scene.Event{Subject: l.Subject}
	}
	return bus.DeadLetter{Event: e, Consumer: l.Consumer, Tries: l.Tries, Reason: l.Reason, At: l.At}, nil
}
