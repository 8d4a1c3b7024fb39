"""What people do with Ardoise: values in, one transaction of operations, values out."""
