package postgres

import "context"

// Exec lets tests provoke errors.
func (s *Store) Exec(ctx context.Context, text string) error {
	_, err := s.db.ExecContext(ctx, text)
	return s.engine.Fail("exec", err)
}
