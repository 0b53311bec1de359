package sqlite

import (
	"errors"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"jinghe/internal/store/sqlrows"
)

// classify tells errors of the driver by SQLite's result code
// (https://www.sqlite.org/rescode.html): the extended code for constraints,
// the primary one, its low byte, for the rest.
func classify(err error) sqlrows.Fault {
	e, ok := errors.AsType[*driver.Error](err)
	if !ok {
		return sqlrows.Broken
	}
	switch e.Code() {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_ROWID:
		return sqlrows.Taken
	case codes.SQLITE_CONSTRAINT_FOREIGNKEY:
		return sqlrows.Reference
	}
	switch e.Code() & 0xff {
	case codes.SQLITE_READONLY:
		return sqlrows.ReadOnly
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return sqlrows.Busy
	case codes.SQLITE_FULL:
		return sqlrows.Full
	case codes.SQLITE_CORRUPT, codes.SQLITE_NOTADB:
		return sqlrows.Corrupt
	}
	return sqlrows.Broken
}
