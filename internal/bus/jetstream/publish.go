package jetstream

import (
	"context"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

// Publish sends the events in order and waits until the server has stored
// each. After an error some of them may be stored: publish all again, those
// that were are known by their ID.
func (b *Bus) Publish(ctx context.Context, events ...scene.Event) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	messages := make([]*nats.Msg, len(events))
	for i, e := range events {
		m, err := b.message(e)
		if err != nil {
			return fail("publish", err)
		}
		messages[i] = m
	}
	stored := make([]jetstream.PubAckFuture, len(messages))
	for i, m := range messages {
		f, err := b.js.PublishMsgAsync(m, jetstream.WithMsgID(string(events[i].ID)),
			jetstream.WithExpectStream(streamEvents), jetstream.WithStallWait(requestTimeout))
		if err != nil {
			return fail("publish", err)
		}
		stored[i] = f
	}
	for _, f := range stored {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			return fail("publish", err)
		case <-ctx.Done():
			return fail("publish", ctx.Err())
		}
	}
	return nil
}

func (b *Bus) message(e scene.Event) (*nats.Msg, error) {
	if e.ID == "" || !bus.ValidSubject(e.Subject) {
		return nil, &scene.Error{Code: scene.Invalid, Key: "bus.subject", Args: map[string]any{"id": string(e.ID), "subject": e.Subject}}
	}
	body, err := bus.EncodeEvent(e, b.config.Source)
	if err != nil {
		return nil, err
	}
	m := nats.NewMsg(prefixEvents + e.Subject)
	m.Header.Set("Content-Type", bus.ContentType)
	m.Data = body
	return m, nil
}
