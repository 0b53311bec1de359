package broker

// Placed counts the rows that a model has placed.
func Placed(m *Market) int { return len(m.lesson.Load().embedded) }

// Scan sets up to how many rows of a side every one is looked at.
func (m *Market) Scan(n int) { m.needs.scan, m.offers.scan = n, n }
