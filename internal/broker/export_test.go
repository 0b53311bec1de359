package broker

// Scan sets up to how many rows of a side every one is looked at.
func (m *Market) Scan(n int) { m.needs.scan, m.offers.scan = n, n }
