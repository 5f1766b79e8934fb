from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_glass_looks")]

    operations = [
        migrations.AddField("letter", "about", models.CharField(blank=True, max_length=32)),
    ]
