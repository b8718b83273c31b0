"""What is data: definitions, schemas, example jobs, icons and fonts. A package only so that it is installed with the code."""
