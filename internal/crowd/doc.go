// Package crowd plays the people of a city on a running server: visitors,
// enterprises and staff in a stated mix, over HTTP as their browsers and
// programs do. It is for measuring: requests arrive at a fixed rate whether or
// not the server keeps up (an open loop), and a request's time counts from the
// instant at which it was due, so that a stall is not hidden by those who wait.
//
// It stands on the first floor and knows nothing of the house but its addresses.
package crowd
