package sqlite

import (
	"context"
	"database/sql/driver"

	"jinghe/internal/scene"
)

// statementsHeld is how many compiled statements a connection keeps: there are a
// few hundred texts, of which those with long lists of values are many and rare.
const statementsHeld = 200

// connector opens connections that keep their compiled statements: database/sql
// gives up those of a transaction at its end, and to compile one again costs
// more than to find a row with it.
type connector struct{ driver.Connector }

// Connect opens one of them.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	raw, ok := opened.(rawConn)
	if !ok {
		_ = opened.Close()
		return nil, &scene.Error{Code: scene.Internal, Op: "sqlite.connect", Key: "store.broken"}
	}
	return &conn{rawConn: raw, held: map[string]*statement{}}, nil
}

// rawConn is what a connection of the driver can do.
type rawConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is used by one goroutine at a time, as database/sql promises.
type conn struct {
	rawConn
	held map[string]*statement
}

// statement is one that is compiled already. In a transaction it is asked one
// question after the other; the end of a transaction ends its last one.
type statement struct{ rawStatement }

type rawStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// Close leaves it to the connection.
func (*statement) Close() error { return nil }

// PrepareContext returns a statement that is held, or compiles one.
func (c *conn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	if s, ok := c.held[text]; ok {
		return s, nil
	}
	compiled, err := c.rawConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	raw, ok := compiled.(rawStatement)
	if !ok || len(c.held) >= statementsHeld {
		return compiled, nil
	}
	s := &statement{raw}
	c.held[text] = s
	return s, nil
}

// Close gives up the statements with the connection.
func (c *conn) Close() error {
	for text, s := range c.held {
		delete(c.held, text)
		if err := s.rawStatement.Close(); err != nil {
			_ = c.rawConn.Close()
			return err
		}
	}
	return c.rawConn.Close()
}
