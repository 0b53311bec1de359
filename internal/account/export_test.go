package account

// Hashed counts the password hashes that were made and checked so far.
func (s *Service) Hashed() int64 { return s.hasher.done.Load() }
