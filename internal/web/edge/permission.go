package edge

// Permission is what a route asks of its caller. It stands on the line that
// registers the route.
type Permission string

// The permissions.
const (
	Visitor  Permission = "visitor"  // anyone
	Operator Permission = "operator" // a caller from a network of the operators
)
