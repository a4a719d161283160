int main(void) { return Undeclared; }
