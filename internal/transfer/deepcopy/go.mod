// Takes the place of the module of this name, by a line in go.mod of the program:
// see deepcopy.go.
module github.com/tiendc/go-deepcopy

go 1.26
