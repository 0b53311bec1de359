package sqlite

import (
	"context"
	"io/fs"
)

// Upgrade lets tests bring migrations of their own.
func (s *Store) Upgrade(ctx context.Context, files fs.FS, backupDir string) error {
	return s.upgrade(ctx, files, backupDir, 0)
}

// Exec lets tests spoil a database.
func (s *Store) Exec(ctx context.Context, text string) error {
	_, err := s.writer.ExecContext(ctx, text)
	return fail("exec", err)
}
