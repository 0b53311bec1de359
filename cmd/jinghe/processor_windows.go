package main

// ownProcessor is 0: this system is not asked.
func ownProcessor() float64 { return 0 }
