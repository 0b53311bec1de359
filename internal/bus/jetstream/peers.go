package jetstream

import (
	"github.com/nats-io/nats.go"

	"jinghe/internal/bus"
	"jinghe/internal/scene"
)

const (
	// prefixPeers begins the subjects of messages that no stream keeps.
	prefixPeers = "jinghe.peers."
	// headerFrom names the Bus that sent a message, which does not hear itself.
	headerFrom = "Jinghe-From"
)

var _ bus.Peers = (*Bus)(nil)

// Tell sends a message to the other processes on the same servers. While the
// connection is broken the client holds some megabytes back for later.
func (b *Bus) Tell(topic string, message []byte) error {
	if !validTopic(topic) {
		return fail("tell", &scene.Error{Code: scene.Invalid, Key: "bus.subject", Args: map[string]any{"id": "", "subject": topic}})
	}
	m := nats.NewMsg(prefixPeers + topic)
	m.Header.Set(headerFrom, b.name)
	m.Data = message
	return fail("tell", b.conn.PublishMsg(m))
}

// Hear has fn called with each message of the others.
func (b *Bus) Hear(topic string, fn func(message []byte)) (stop func(), err error) {
	if !validTopic(topic) {
		return nil, fail("hear", &scene.Error{Code: scene.Invalid, Key: "bus.subject", Args: map[string]any{"id": "", "subject": topic}})
	}
	s, err := b.conn.Subscribe(prefixPeers+topic, func(m *nats.Msg) {
		if m.Header.Get(headerFrom) != b.name {
			fn(m.Data)
		}
	})
	if err != nil {
		return nil, fail("hear", err)
	}
	return func() { _ = s.Unsubscribe() }, nil // a connection that is gone hears nothing in any case
}

func validTopic(topic string) bool {
	for _, r := range topic {
		if r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return topic != ""
}
