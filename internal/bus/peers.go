package bus

// Peers carries small messages between the processes that are up at the moment:
// at most once, in no promised order, to all but the sender. What is lost is
// lost, so nothing that matters is told this way alone. It is safe for
// concurrent use.
type Peers interface {
	// Tell sends a message to the others. It does not wait for them: nil means
	// that it is under way. A topic is [a-z0-9-]+.
	Tell(topic string, message []byte) error
	// Hear has fn called with each message of the others, one at a time, until
	// stop is called. fn must not block and not keep the message.
	Hear(topic string, fn func(message []byte)) (stop func(), err error)
}
