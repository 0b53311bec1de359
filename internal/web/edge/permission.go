package edge

import (
	"strings"

	"jinghe/internal/scene"
)

// Permission is what a route asks of its caller. It stands on the line that
// registers the route.
type Permission string

// The permissions that are no action of the table in scene.Rules.
const (
	Visitor  Permission = "visitor"  // anyone
	Operator Permission = "operator" // a caller from a network of the operators
	// Signed is whoever gave the right password, also while the second factor
	// or a new password is still asked for.
	Signed Permission = "signed"
	// Known is any account that has passed every stage, also by a token.
	Known Permission = "known"
)

// May is the permission of accounts that the table allows the action on
// anything at all; the service decides about the thing itself.
func May(do scene.Action) Permission { return Permission(actionPrefix + string(do)) }

const actionPrefix = "may:"

// Action returns the action that p asks for, if it asks for one.
func (p Permission) Action() (scene.Action, bool) {
	do, ok := strings.CutPrefix(string(p), actionPrefix)
	return scene.Action(do), ok
}
